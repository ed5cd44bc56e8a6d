import ClusterModel

/// Specs and shorthands that many tests use.
enum Specs {
    static let head = """
        apiVersion: slipway.dev/v1alpha1
        kind: Cluster
        metadata:
          name: demo
        spec:
          cloud: {provider: local}

        """

    /// A valid document with more lines below `spec:`.
    static func text(_ lines: String = "") -> String {
        head + lines.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)\n" }.joined()
    }

    static func decode(_ text: String, expectedName: String? = nil) -> Result<ReadSpec, SpecDiagnostics> {
        SpecDecoder.decode(text, file: "demo.yaml", expectedName: expectedName)
    }

    static func cluster(_ lines: String = "") throws -> Cluster { try decode(text(lines)).get().cluster }

    /// Everything that is found about a document, whether it is valid or not.
    static func findings(_ text: String) -> [Diagnostic] {
        switch decode(text) {
        case .success(let read): read.warnings
        case .failure(let failure): failure.diagnostics
        }
    }
}
