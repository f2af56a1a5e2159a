"""Under which keys an index keeps its calibration: known without loading what calibrates."""

METADATA_KEY = "gate 3"  # raise the number when the gate scores otherwise: an older curve is then measured anew
MEASURED_KEY = "gate measured"
CHECKED_KEY = "gate checked"
"""The generation at whose end it was last asked whether the calibration is due."""
