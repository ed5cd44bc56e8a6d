/// Limits and intervals of the connections to hosts.
public struct SSHOptions: Sendable {
    /// How long one call may spend on getting a connection, all attempts and the waiting between them together.
    /// A call's own timeout ends it earlier. Those who wait for a machine to boot call again.
    public var connectBudget: Duration
    /// How long one attempt waits for the TCP connection.
    public var connectTimeout: Duration
    /// How long one attempt waits for banner, key exchange, host key and login together, and how long an open
    /// connection may take to begin a command before it is taken for dead.
    public var handshakeTimeout: Duration
    /// How often a keep-alive is sent while nothing else is.
    public var keepAliveInterval: Duration
    /// A connection whose peer acknowledges nothing for this long is dead.
    public var deadPeerTimeout: Duration
    /// A connection that was not used for this long is closed.
    public var idleLimit: Duration
    /// How many bytes a script may write to its output and to its error output, each.
    public var outputLimit: Int

    public init(
        connectBudget: Duration = .seconds(15), connectTimeout: Duration = .seconds(5), handshakeTimeout: Duration = .seconds(10),
        keepAliveInterval: Duration = .seconds(15), deadPeerTimeout: Duration = .seconds(30), idleLimit: Duration = .seconds(300),
        outputLimit: Int = 16 << 20
    ) {
        self.connectBudget = connectBudget
        self.connectTimeout = connectTimeout
        self.handshakeTimeout = handshakeTimeout
        self.keepAliveInterval = keepAliveInterval
        self.deadPeerTimeout = deadPeerTimeout
        self.idleLimit = idleLimit
        self.outputLimit = outputLimit
    }
}
