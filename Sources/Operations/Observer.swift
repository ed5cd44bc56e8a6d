import Bootstrap
import ClusterModel
import Drivers
import Foundation
import Planning

/// Reads everything that planning and validation compare with: the cloud in a few calls, all machines at once, the API.
struct Observer: Sendable {
    let cloud: any Cloud
    let hosts: any HostAccess
    let login: MachineLogin
    let api: APIConnection
    /// How long one machine may take to answer.
    var timeout: Duration = .seconds(15)
    var workload = Reading.nothing

    /// What is read of pods.
    enum Reading {
        case nothing
        /// Those of `kube-system`.
        case systemPods
        /// All of them, and their budgets.
        case everything
    }

    func observe(_ state: ClusterState, hasSecrets: Bool) async throws -> Observation {
        let inCloud = try await cloud.observe(state.identity)
        guard hasSecrets else { return Observation(cloud: inCloud) }
        // Who was stopped and started behind our back is elsewhere now.
        let located = state.located(by: inCloud)
        async let hosts = allHosts(inCloud, state: located)
        async let cluster = cluster(inCloud, state: located)
        return Observation(cloud: inCloud, hosts: await hosts, cluster: await cluster).withEndpoint
    }

    private func allHosts(_ cloud: CloudObservation, state: ClusterState) async -> [String: HostObservation] {
        await withTaskGroup(of: (String, HostObservation).self) { group in
            // A machine of which the state knows nothing yet is not asked: its creation was never answered.
            for machine in cloud.machines where machine.status == .running && state.machines[machine.name]?.address != nil {
                group.addTask { (machine.name, await host(machine.name, state: state)) }
            }
            var all: [String: HostObservation] = [:]
            for await (name, observation) in group { all[name] = observation }
            return all
        }
    }

    private func host(_ name: String, state: ClusterState) async -> HostObservation {
        do {
            let endpoint = try await login.endpoint(name, state: state)
            let result = try await hosts.run(ObservationScript.text, on: endpoint, timeout: timeout)
            guard result.exitStatus == 0 else { return .unreachable(reason: "its facts could not be read: \(result.errorText)") }
            return .reached(try ObservationScript.facts(from: result.text))
        } catch {
            return .unreachable(reason: SlipwayError(wrapping: error, doing: "observing").cause)
        }
    }

    private func cluster(_ cloud: CloudObservation, state: ClusterState) async -> ClusterObservation {
        guard cloud.network?.isUp == true, state.network != nil, state.etcd.mayHaveAPI else { return .unknown }
        do {
            let access = try await api.access(state)
            async let each = masters(cloud, state: state)
            let health = await access.health()
            let masters = await each
            guard health.status != .unreachable else { return ClusterObservation(api: health, masters: masters) }
            async let nodes = access.nodes()
            async let marker = access.get(path: ClusterManifests.notePath)
            async let workload = workload(access)
            return ClusterObservation(
                api: health, masters: masters, nodes: try await nodes,
                manifestsDigest: ClusterManifests.digest(in: try await marker, cluster: state.identity),
                workload: try await workload)
        } catch {
            return ClusterObservation(
                api: APIHealth(status: .notReady, details: [SlipwayError(wrapping: error, doing: "observing").cause]))
        }
    }

    private func workload(_ access: any ClusterAccess) async throws -> ClusterObservation.Workload? {
        switch workload {
        case .nothing: return nil
        case .systemPods:
            return ClusterObservation.Workload(pods: try await access.pods(namespace: Validation.systemNamespace), budgets: [])
        case .everything:
            async let pods = access.pods(namespace: nil)
            async let budgets = access.disruptionBudgets()
            return ClusterObservation.Workload(pods: try await pods, budgets: try await budgets)
        }
    }

    /// The API server of each master that runs, asked all at once.
    private func masters(_ cloud: CloudObservation, state: ClusterState) async -> [String: APIHealth] {
        await withTaskGroup(of: (String, APIHealth).self) { group in
            for machine in cloud.machines where machine.role == .controlPlane && machine.status == .running {
                guard let entry = state.machines[machine.name], entry.address != nil else { continue }
                group.addTask { (machine.name, await ownAPI(of: entry, state: state)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// Asked from here, or where that is not possible on the machine itself.
    private func ownAPI(of master: MachineEntry, state: ClusterState) async -> APIHealth {
        guard state.gate(to: master) != nil else { return await api.health(of: master) }
        do {
            let endpoint = try await login.endpoint(master.name, state: state)
            let answer = try await hosts.run(APIReadiness.script, on: endpoint, timeout: timeout)
            return APIReadiness.health(from: answer.text, errors: answer.errorText)
        } catch {
            return APIHealth(status: .unreachable, details: [SlipwayError(wrapping: error, doing: "asking the API server").cause])
        }
    }
}

extension Observation {
    /// With what the cloud says of its endpoint as the word of each control plane machine that answers: to planning and
    /// validation it is one of the machine's services, whoever provides it.
    var withEndpoint: Observation {
        guard let members = cloud.endpointMachines else { return self }
        var copy = self
        for machine in cloud.machines where machine.role == .controlPlane {
            guard case .reached(var facts) = hosts[machine.name] else { continue }
            facts.services[.apiAddress] = members.contains(machine.name) ? "active" : "inactive"
            copy.hosts[machine.name] = .reached(facts)
        }
        return copy
    }
}

extension EtcdMark {
    /// No API server is started before the second mark.
    var mayHaveAPI: Bool { if case .initialised = self { true } else { false } }
}
