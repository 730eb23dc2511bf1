"""What a candidate must meet: routes, generations, evidence, standards and their versions."""
