import ArgumentParser
import ClusterModel

struct Completion: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a script that completes commands, clusters and machines in your shell.",
        usage: "slipway completion <bash|zsh|fish>",
        discussion: """
            Install it once; names of clusters, machines and pools are read from the state store each time.

              bash   slipway completion bash > ~/.local/share/bash-completion/completions/slipway
              zsh    slipway completion zsh > "${fpath[1]}/_slipway"
              fish   slipway completion fish > ~/.config/fish/completions/slipway.fish

            Make the folder first where there is none, and open a new shell. For this shell only: source <(slipway completion bash)
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish
    }

    @Argument(help: "The shell.") var shell: Shell

    func run() async throws {
        guard let known = CompletionShell(rawValue: shell.rawValue) else {
            throw SlipwayError(.bug, doing: "making the script", cause: "\(shell.rawValue) is not known")
        }
        Console.current.print(Slipway.completionScript(for: known))
    }
}
