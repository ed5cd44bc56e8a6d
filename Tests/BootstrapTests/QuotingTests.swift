import Bootstrap
import ClusterModel
import Testing
import Yams

@Suite struct QuotingTests {
    static let hostile = [
        "", "plain", "a b", "it's", "say \"hi\"", "50%", "%n", "$HOME", "${HOME}", "`id`", "$(id)", "a\\b", "new\nline", "tab\there", "a;b",
        "-rf", "*", "~", "ümläut", "\u{1}", "!!", "#", "a\rb", "{{cluster}}", "'\"'\\\"$%\n'",
    ]

    @Test(arguments: hostile) func shellTakesTheWordAsItIs(value: String) async throws {
        let result = try await Shell.run("printf %s \(ShellQuoting.word(value)); printf .")
        #expect(result.output == value + ".")
        let several = try await Shell.run("printf '[%s]' \(ShellQuoting.words([value, "x", value]))")
        #expect(several.output == "[\(value)][x][\(value)]")
    }

    /// By systemd's own rules, read backwards: quotes and escapes, then specifiers, then variables.
    @Test(arguments: hostile) func systemdTakesTheWordAsItIs(value: String) {
        #expect(unquoted(UnitQuoting.argument(value), variables: true) == value)
        #expect(unquoted(UnitQuoting.assignment("NAME", value), variables: false) == "NAME=" + value)
        #expect(!UnitQuoting.argument(value).contains("\n"))
        #expect(!UnitQuoting.description(value).contains("\n"))
    }

    @Test func whatNeedsNoQuotesHasNone() {
        #expect(UnitQuoting.argument("--a=b,c://d.e:1/2") == "--a=b,c://d.e:1/2")
        #expect(UnitQuoting.argument("$x%") == "\"$$x%%\"")
        #expect(UnitQuoting.assignment("A", "$x y") == "\"A=$x y\"")
        #expect(ShellQuoting.word("a/b.c") == "a/b.c")
    }

    @Test func hostileValuesStayWhereTheyBelong() throws {
        let name = "x\"; $(reboot) %n\nExecStartPre=/bin/false {{#master}}"
        var input = try Fixture.input(.controlPlane)
        input.cluster.name = name
        input.zone = name
        input.late.providerID = name
        input.taints = [Taint(key: "k", value: name, effect: .noSchedule)]
        for version in ["1.20.2", "1.36.2"] {
            input.version = try #require(KubernetesVersion(version))
            let content = try NodeContent.render(input)
            for file in content.files where file.path.hasPrefix(NodePaths.units) {
                let lines = content.text(at: file.path).split(separator: "\n")
                #expect(!lines.contains { $0.hasPrefix("ExecStartPre=/bin/false") })
            }
            let kubeconfig = try #require(try Yams.load(yaml: content.text(at: "/etc/kubernetes/kubelet.kubeconfig")) as? [String: Any])
            let clusters = try #require(kubeconfig["clusters"] as? [[String: Any]])
            #expect(clusters.first?["name"] as? String == name)
            let kubelet = try #require(try Yams.load(yaml: content.text(at: "/etc/kubernetes/kubelet.yaml")) as? [String: Any])
            #expect(kubelet["providerID"] as? String == name)
        }
    }

    private func unquoted(_ text: String, variables: Bool) -> String {
        var characters = Array(text.unicodeScalars)[...]
        if characters.first == "\"" {
            characters.removeFirst()
            characters.removeLast()
        }
        var result = String.UnicodeScalarView()
        while let scalar = characters.popFirst() {
            switch scalar {
            case "\\":
                switch characters.popFirst() {
                case "n": result.append("\n")
                case "r": result.append("\r")
                case "t": result.append("\t")
                case "x":
                    let digits = String(String.UnicodeScalarView(characters.prefix(2)))
                    characters.removeFirst(2)
                    if let value = UInt8(digits, radix: 16) { result.append(Unicode.Scalar(value)) }
                case let other?: result.append(other)
                case nil: break
                }
            case "%":
                #expect(characters.popFirst() == "%")
                result.append("%")
            case "$" where variables:
                #expect(characters.popFirst() == "$")
                result.append("$")
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
