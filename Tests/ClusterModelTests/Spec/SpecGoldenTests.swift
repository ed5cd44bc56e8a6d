import ClusterModel
import Testing

/// Each input in `Golden/spec` with all that is said about it, or with the spec that it makes.
@Suite struct SpecGoldenTests {
    @Test(arguments: Golden.inputs("spec")) func output(_ name: String) throws {
        var output: String
        switch SpecDecoder.decode(try Golden.input("spec/\(name)"), file: "\(name).yaml") {
        case .success(let read):
            #expect(name.hasPrefix("valid-") || !read.warnings.isEmpty)
            #expect(read.warnings.allSatisfy { $0.severity == .warning })
            output = read.warnings.isEmpty ? "" : SpecDiagnostics(read.warnings).render() + "\n\n"
            output += SpecEncoder.yaml(read.cluster)
        case .failure(let failure):
            #expect(!name.hasPrefix("valid-"))
            #expect(!failure.errors.isEmpty)
            output = failure.render() + "\n"
        }
        try Golden.expect(output, equals: "spec/\(name).txt")
    }

    @Test func thereAreInputs() { #expect(Golden.inputs("spec").count > 40) }

    @Test func noSecretIsShown() throws {
        for name in ["ssh-keys", "assets-password"] {
            guard case .failure(let failure) = SpecDecoder.decode(try Golden.input("spec/\(name)"), file: "demo.yaml") else {
                Issue.record("\(name) is valid")
                continue
            }
            #expect(!failure.render().contains("hunter2"))
            #expect(!"\(failure.slipwayError(doing: "reading demo.yaml"))".contains("hunter2"))
            #expect(!failure.slipwayError(doing: "reading demo.yaml").log.joined().contains("hunter2"))
        }
    }

    /// Whatever a file holds, what is printed about it moves no cursor.
    @Test(arguments: Golden.inputs("spec")) func printsNoControlCharacters(_ name: String) throws {
        guard case .failure(let failure) = SpecDecoder.decode(try Golden.input("spec/\(name)"), file: "a\u{1B}[2J.yaml") else { return }
        let hostile = failure.render().unicodeScalars.filter { scalar in
            scalar != "\n" && [.control, .format].contains(scalar.properties.generalCategory)
        }
        #expect(hostile.isEmpty)
    }
}
