/// What a permission is missing for, as far as a service says it.
public struct AWSDenial: Sendable, Equatable {
    /// As policies call it: `ec2:RunInstances`.
    public var permission: String
    /// Who asked, as an ARN.
    public var principal: String?
    public var resource: String?
    /// Why, as `no identity-based policy allows the ec2:RunInstances action`.
    public var reason: String?

    private static let codes: Set<String> = [
        "UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "NotAuthorized", "UnauthorizedAccess", "AuthorizationError",
    ]

    /// Nil for a refusal for another reason.
    /// - Parameter operation: what was asked for, as `ec2:RunInstances`; the permission where the message names none.
    init?(code: String, message: String, operation: String?) {
        guard Self.codes.contains(code) else { return nil }
        // The rest is for AWS' own eyes.
        let text = message.split(separator: " Encoded authorization failure message", maxSplits: 1).first.map(String.init) ?? message
        let said = text.firstMatch(of: /(\S+) is not authorized to perform: ([A-Za-z0-9-]+:[A-Za-z0-9*]+)/)
        guard let permission = said.map({ String($0.2) }) ?? operation else { return nil }
        self.permission = permission
        principal = said.map { String($0.1) }
        resource = text.firstMatch(of: /on resource: (.+?)(?: because| with an explicit|\.?$)/).map { String($0.1) }
        reason = text.firstMatch(of: /(?:because |with )((?:no|an explicit) .+?)\.?$/).map { String($0.1) }
    }

    /// What helps.
    var hint: String {
        let who = principal ?? "the credentials' owner"
        if let reason, reason.hasPrefix("an explicit") { return "\(who) has \(reason) against \(permission): it must go" }
        return "\(who) needs the permission \(permission)\(resource.map { " on \($0)" } ?? "")\(reason.map { ": \($0)" } ?? "")"
    }
}
