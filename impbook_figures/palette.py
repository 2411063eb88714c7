"""The colours of the figures: grey, and those of Okabe and Ito, which suit colour-blind readers."""

BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, GREY, BLACK = "#CC79A7", "#56B4E9", "#767676", "#000000"

# The colours of the curves in one figure, in this order.
COLORS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
