"""The demonstration's own CLIP: whether a picture of shapes fits the words that it was asked by."""
