"""What a person sees on the sheets of adapters of known behaviour, and so what is right to say."""
