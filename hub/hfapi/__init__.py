"""The door for huggingface_hub and all that is built on it: adapters as repositories of files."""
