/// How a machine is paid for, where that is not the cloud's usual price.
public enum MachineMarket: String, Codable, Sendable, CaseIterable {
    /// Of capacity that the cloud has to spare: cheaper, taken back whenever the cloud needs it, and never stopped.
    case spot
}
