/// What a complete exchange cost.
package struct TransferStats: Sendable, Equatable {
    /// Bytes of the body as they came over the wire, before unpacking.
    package var receivedBytes: Int
    /// Whether no new connection had to be made; ``connected`` and ``secured`` are then zero.
    package var reusedConnection: Bool
    /// The address that answered, the proxy's if there is one; empty when unknown.
    package var remoteAddress: String
    /// From the start until the name was looked up.
    package var lookedUp: Duration
    /// From the start until TCP was connected; less ``lookedUp`` it is one round trip.
    package var connected: Duration
    /// From the start until TLS was agreed on; zero without TLS.
    package var secured: Duration
    /// From the start until the first byte of the answer.
    package var firstByte: Duration
    package var total: Duration
}

/// Names an exchange of one session; never given twice.
package struct TransferID: Sendable, Hashable {
    let number: UInt64
}
