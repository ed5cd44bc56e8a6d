/// Calls of AWS by their names: `EC2.RunInstances`, `ec2:RunInstances`, or of a service with paths method and path.
public enum AWSCalls {
    /// Whether it only looks.
    public static func isReading(_ call: String) -> Bool {
        let operation = call.split(whereSeparator: { ".:".contains($0) }).dropFirst().first ?? call[...]
        return ["Describe", "Get", "List", "GET"].contains { operation.hasPrefix($0) }
    }

    /// Those that would change something.
    public static func changing(_ calls: [String: Int]) -> [String: Int] { calls.filter { !isReading($0.key) } }
}
