"""Local servers that speak the wire format of the services, for tests over real sockets."""
