// The room's tests move in with its first type.
