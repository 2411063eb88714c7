"""Train a small network to recognise handwritten digits (takes a few seconds).

    python chapters/data/network.py

trains the network on the first 900 of the 1,797 images that come with scikit-learn, and writes its
weights to chapters/data/network.npz for the chapter on features in the wild. The weights are stored
because training amplifies rounding errors: another processor would produce a different network.
"""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

DATA = Path(__file__).parent
SEEN, UNITS = 900, (48, 32)


def trained():
    """Weights and biases of the two hidden layers and of the output layer, by name."""
    images, digit = load_digits(return_X_y=True)
    network = MLPClassifier(
        UNITS, alpha=1e-3, max_iter=1000, random_state=0
    )
    network.fit(images[:SEEN] / 16, digit[:SEEN])
    layers = enumerate(
        zip(network.coefs_, network.intercepts_, strict=True), 1
    )
    return {
        f"{name}{i}": part
        for i, (W, b) in layers
        for name, part in (("W", W), ("b", b))
    }


if __name__ == "__main__":
    arrays = {
        name: part.astype(np.float32) for name, part in trained().items()
    }
    np.savez_compressed(DATA / "network.npz", **arrays)
    print({name: part.shape for name, part in arrays.items()})
