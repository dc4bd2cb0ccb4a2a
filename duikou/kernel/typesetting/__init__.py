"""Pages set by typst: the engine, and which fonts stand for those that papers ask for."""
