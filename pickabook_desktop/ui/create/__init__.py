"""Everything left of the result: photo, template, style, prompt, options, engine."""
