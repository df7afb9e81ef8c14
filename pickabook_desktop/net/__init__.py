"""Time-outs, redaction and cancellable waits."""
