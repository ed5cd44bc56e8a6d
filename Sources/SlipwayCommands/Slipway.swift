import ArgumentParser
import ClusterModel

/// The root of the command line. Lists its verbs; does nothing itself.
struct Slipway: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slipway",
        abstract: "Builds Kubernetes clusters out of machines.",
        discussion: """
            One YAML document is one cluster. Slipway plans what differs between the spec and the world, shows the plan, and with --yes \
            carries it out. Nothing of a cloud or a machine is touched without --yes. Whatever stops it, run the same command again: \
            it goes on from the facts.

            A first cluster on this machine (Debian 12, as root):

              make assets                # brings Kubernetes, prints a FOLDER
              slipway create cluster demo --cloud local --assets FOLDER --yes
              slipway validate cluster demo --wait 10m
              kubectl get nodes
              slipway delete cluster demo --yes

            Exit codes: 0 done; 1 the work failed; 2 the answer is no; 64 usage; 65 invalid spec; 66 no such cluster or file; \
            69 unreachable; 70 a bug; 73 exists already; 75 locked or interrupted, run it again; 77 refused for safety.
            """,
        version: SlipwayVersion.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Clusters",
                subcommands: [
                    Create.self, Replace.self, SetCommand.self, Edit.self, Update.self, RollingUpdate.self, Reconcile.self, Apply.self,
                    Stop.self, Start.self, Delete.self,
                ]),
            CommandGroup(name: "Looking", subcommands: [Get.self, Validate.self, PlanCommand.self, Rehearse.self]),
            CommandGroup(name: "Using", subcommands: [Export.self, SSHCommand.self, StateCommand.self, Unlock.self]),
            CommandGroup(name: "Shells and editors", subcommands: [Completion.self, Schema.self, ManPages.self]),
        ])
}
