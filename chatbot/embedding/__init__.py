"""Text → vectors: the default model under ONNX Runtime, any other one under sentence-transformers."""

from chatbot.embedding.encoder import Encoder, OnnxEncoder, open_encoder
from chatbot.embedding.langchain import LangChainEmbeddings

__all__ = ["Encoder", "LangChainEmbeddings", "OnnxEncoder", "open_encoder"]
