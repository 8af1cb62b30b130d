"""Training of the two cross-encoders that ship with Pullquote: `python -m benchmarks.train DATA_FOLDER`."""
