"""双随机 draws, inspections, feedback."""
