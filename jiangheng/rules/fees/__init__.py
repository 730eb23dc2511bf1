"""Money: amounts, tariffs, reconciling."""
