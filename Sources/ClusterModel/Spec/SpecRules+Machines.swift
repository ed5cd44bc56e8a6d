/// Rules for the control plane and for pools.
extension SpecRules {
    /// etcd gets slower with each member; more than seven is what its documentation advises against.
    static let maximumControlPlaneNodes = 7
    /// What Kubernetes itself is tested with.
    static let maximumMachines = 5000
    static let drainTimeouts = Seconds(1)...Seconds(86_400)

    mutating func checkControlPlane() {
        let controlPlane = spec.controlPlane
        let count = controlPlane.count
        let countPath = controlPlaneCountPath
        checkZones(controlPlane.zones, at: .controlPlaneZones)
        checkMachineNames(pool: MachineRole.controlPlanePool, zones: controlPlane.zones, at: .name)
        if count < 1 {
            error(countPath, "a cluster has at least one control plane node, not \(count)", "1", related: [.controlPlaneZones])
        } else if count > Self.maximumControlPlaneNodes {
            error(
                countPath, "\(count) control plane nodes are too many: every write waits for a majority of them",
                "at most \(Self.maximumControlPlaneNodes)", related: [.controlPlaneZones])
        } else if count.isMultiple(of: 2) {
            error(
                countPath, "an even number of control plane nodes (\(count)) survives no more failures than \(count - 1)", "1, 3 or 5",
                related: [.controlPlaneZones])
        } else if count >= 3 {
            // The fullest zone holds the quotient rounded up.
            let zones = max(1, min(controlPlane.zones.count, count))
            if count - (count + zones - 1) / zones <= count / 2 {
                warning(
                    .controlPlaneZones, "the control plane does not survive the loss of a zone", "spread it over three zones",
                    related: [.controlPlaneCount])
            }
        }
        if count >= 1, count < controlPlane.zones.count, isWritten(.controlPlaneCount) {
            warning(
                .controlPlaneZones,
                "\(controlPlane.zones.count) zones for \(TerminalText.counted(count, "control plane node")): some stay empty",
                related: [.controlPlaneCount])
        }
        checkInstanceType(controlPlane.instanceType, at: .controlPlaneInstanceType)
    }

    /// A default count follows from the zones, so they are to blame for it.
    private var controlPlaneCountPath: FieldPath {
        isWritten(.controlPlaneCount) || !isWritten(.controlPlaneZones) ? .controlPlaneCount : .controlPlaneZones
    }

    mutating func checkPools() {
        var names: Set<String> = []
        for (index, pool) in spec.pools.enumerated() {
            let path = FieldPath.pools.index(index)
            let namePath = path.field("name")
            if [MachineRole.controlPlanePool, MachineRole.bastionPool].contains(pool.name) {
                let whose = pool.name == MachineRole.bastionPool ? "bastions" : "the control plane's machines"
                error(namePath, "no pool may be called '\(pool.name)': that is what \(whose) are counted under", "as 'nodes'")
            } else {
                error(namePath, SpecName.problem(pool.name, what: "a pool's name"))
                checkMachineNames(pool: pool.name, zones: pool.zones, at: namePath)
            }
            if !names.insert(pool.name).inserted {
                error(namePath, "there are two pools called \(TerminalText.quoted(pool.name))", "give each pool a name of its own")
            }
            checkMachines(of: pool, at: path)
            checkLabels(pool.labels, at: path.field("labels"))
            checkTaints(pool.taints, at: path.field("taints"))
            checkSpot(of: pool, at: path)
            checkUpdate(of: pool, at: path.field("update"))
        }
        if spec.pools.allSatisfy({ $0.count == 0 }) {
            warning(
                .pools, "the cluster has no machines besides its control plane: nothing can run on it", "a pool with a count",
                related: spec.pools.indices.map { FieldPath.pools.index($0).field("count") })
        }
        let machines = spec.pools.reduce(min(spec.controlPlane.count, Self.maximumMachines)) { $0 + Self.bounded($1.count) }
        if machines > Self.maximumMachines {
            error(.pools, "the cluster has more machines than Kubernetes is made for", "at most \(Self.maximumMachines) in all")
        }
    }

    private mutating func checkMachines(of pool: PoolSpec, at path: FieldPath) {
        let zonesPath = path.field("zones")
        let countPath = path.field("count")
        // Zones that a pool inherited were checked where they were written.
        if isWritten(zonesPath) || pool.zones != spec.controlPlane.zones { checkZones(pool.zones, at: zonesPath) }
        if pool.count < 0 {
            error(countPath, "a pool cannot have \(pool.count) machines", "0 or more")
        } else if pool.count > Self.maximumMachines {
            error(countPath, "\(pool.count) machines are more than Kubernetes is made for", "at most \(Self.maximumMachines)")
        } else if pool.count > 0, pool.count < pool.zones.count {
            let place = isWritten(zonesPath) ? zonesPath : countPath
            warning(
                place, "\(pool.zones.count) zones for \(TerminalText.counted(pool.count, "machine")): some stay empty",
                related: [zonesPath, countPath])
        }
        checkInstanceType(pool.instanceType, at: path.field("instanceType"))
    }

    private mutating func checkUpdate(of pool: PoolSpec, at path: FieldPath) {
        let update = pool.update
        let surgePath = path.field("maxSurge")
        let unavailablePath = path.field("maxUnavailable")
        let count = Self.bounded(pool.count)
        for (value, place) in [(update.maxSurge, surgePath), (update.maxUnavailable, unavailablePath)] {
            switch value {
            case .count(let number) where number < 0 || number > Self.maximumMachines:
                error(place, "\(number) is out of range", "0 to \(Self.maximumMachines)")
            case .percent(let share) where !(0...100).contains(share): error(place, "\(share)% is out of range", "0% to 100%")
            default: break
            }
        }
        if count > 0, update.strategy == .replace, update.maxSurge.count(of: count, roundingUp: true) == 0,
            update.maxUnavailable.count(of: count, roundingUp: false) == 0
        {
            let place = isWritten(unavailablePath) && !isWritten(surgePath) ? unavailablePath : surgePath
            error(
                place,
                "with a surge of \(update.maxSurge) and \(update.maxUnavailable) unavailable of \(TerminalText.counted(count, "machine")) no update can begin",
                "one of maxSurge and maxUnavailable must allow one machine",
                related: [surgePath, unavailablePath, path.parent?.field("count") ?? path])
        }
        if !Self.drainTimeouts.contains(update.drainTimeout) {
            error(
                path.field("drainTimeout"), "a drain timeout of \(update.drainTimeout) is out of range",
                "\(Self.drainTimeouts.lowerBound) to \(Self.drainTimeouts.upperBound)")
        }
    }

    /// A count within what sums of counts can hold, however wrong it is.
    static func bounded(_ count: Int) -> Int { min(max(count, 0), maximumMachines + 1) }
}
