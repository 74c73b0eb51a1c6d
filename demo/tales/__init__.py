"""The base “tales”, which writes small tales, and its adapters."""
