"""The Streamlit page. ``render`` makes and escapes all markup; the pages only place it."""
