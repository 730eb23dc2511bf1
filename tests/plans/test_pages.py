"""The pages of requests, reviews and plans, as their people use them; the worked tables as pages."""

from __future__ import annotations
