"""Problems to order: feature matrices with a given Σ, sparse signals, noise with a known proxy."""

from impbook.designs.features import (
    design_with_covariance,
    normalise,
    orthonormal_design,
    uniform_correlation_design,
)
from impbook.designs.incoherent import (
    equiangular_design,
    gaussian_design,
    incoherent_design,
    perturbed_orthonormal_design,
)
from impbook.designs.network import gradient_features, relu_features
from impbook.designs.noise import (
    NOISES,
    Noise,
    bounded_noise,
    gaussian_noise,
    rademacher_noise,
    three_point_mass,
    three_point_noise,
)
from impbook.designs.targets import sparse_signal, targets_with_alignment

__all__ = [
    "NOISES",
    "Noise",
    "bounded_noise",
    "design_with_covariance",
    "equiangular_design",
    "gaussian_design",
    "gaussian_noise",
    "gradient_features",
    "incoherent_design",
    "normalise",
    "orthonormal_design",
    "perturbed_orthonormal_design",
    "rademacher_noise",
    "relu_features",
    "sparse_signal",
    "targets_with_alignment",
    "three_point_mass",
    "three_point_noise",
    "uniform_correlation_design",
]
