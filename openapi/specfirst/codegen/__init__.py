"""Contract to code: models, handler interfaces and routing."""
