"""Text → vectors: the default model under ONNX Runtime, any other one under sentence-transformers.

``chatbot.embedding.langchain`` offers either as LangChain's Embeddings; it is not imported here, because it is slow to.
"""

from chatbot.embedding.encoder import Encoder, OnnxEncoder, open_encoder

__all__ = ["Encoder", "OnnxEncoder", "open_encoder"]
