import Foundation

/// A small web site, from an image that is made here of one program and one page.
struct WebSite: Sendable {
    static let image = "slipway.example/web:1"
    static let page = "Hello from a pod on a cluster that Slipway made."
    static let firstWords = "the web site opens"

    let standing: Standing

    /// Brings image and manifests, and waits until the pods are ready.
    func deploy() async throws {
        let bench = standing.bench
        let archive = "\(bench.folder)/web.tar"
        if !FileManager.default.fileExists(atPath: archive) {
            try await bench.run(
                "sh",
                ["-c", Self.imageScript("busybox"), "image", "\(bench.mirror)/slipway/linux/amd64/busybox", archive, Self.image, Self.page]
            ).expect(0)
        }
        try await standing.on(
            standing.worker, "ctr -n k8s.io images import - >/dev/null", input: Array(try Data(contentsOf: URL(filePath: archive))))
        _ = try await standing.kubectl("apply", "-f", "-", input: Self.manifest)
        _ = try await standing.kubectl("rollout", "status", "deployment/web", "--timeout=100s")
    }

    /// Makes an image of one program under this name in /bin and, when there is one, a page. In the form that `docker save` writes.
    static func imageScript(_ program: String) -> String {
        """
        set -eu
        program=$1 archive=$2 name=$3 page=${4:-}
        work=$(mktemp -d)
        trap 'rm -rf "$work"' EXIT
        cd "$work"
        mkdir -p root/bin root/www
        cp "$program" root/bin/\(program)
        chmod 755 root/bin/\(program)
        printf '%s\\n' "$page" >root/www/index.html
        tar --format=ustar --owner=0 --group=0 --numeric-owner -C root -cf layer.tar bin www
        layer=$(sha256sum <layer.tar | cut -d ' ' -f 1)
        printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
            "$layer" >config
        config=$(sha256sum <config | cut -d ' ' -f 1).json
        mv config "$config"
        printf '[{"Config":"%s","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$config" "$name" >manifest.json
        tar --format=ustar -cf "$archive" manifest.json "$config" layer.tar
        """
    }

    private static let manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              terminationGracePeriodSeconds: 1
              containers:
                - name: web
                  image: \(image)
                  # There is no registry: the image is on the worker already.
                  imagePullPolicy: Never
                  command: [/bin/busybox, sh, -c]
                  args: ["echo \(firstWords); exec /bin/busybox httpd -f -p 8080 -h /www"]
                  ports: [{containerPort: 8080}]
                  readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          type: NodePort
          selector: {app: web}
          ports: [{port: 80, targetPort: 8080}]

        """

    // MARK: Fetching

    /// From this host, through the port that the Service has on a machine.
    func fetch(through machine: Store.Machine) async throws {
        let port = try await standing.kubectl("get", "service", "web", "-o", "jsonpath={.spec.ports[0].nodePort}")
        let address = try unwrap(machine.address, "\(machine.name) has no address")
        try await expectPage("http://\(address):\(port)/") { url in
            try await standing.bench.run("curl", ["-fsS", "--noproxy", "*", "--max-time", "5", url])
        }
    }

    /// On a machine, through the address of the Service.
    func fetch(on machine: Store.Machine) async throws {
        let address = try await standing.kubectl("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}")
        try await expectPage("http://\(address)/") { url in
            try await standing.bench.run(
                standing.bench.binary, ["ssh", Standing.name, machine.name, "--", "curl -fsS --max-time 5 \(url)"],
                environment: standing.store.environment)
        }
    }

    private func expectPage(_ url: String, _ fetch: (String) async throws -> ProgramResult) async throws {
        // Ready pods come to every machine's proxy a moment later.
        let result = try await until(.seconds(30), "the page of \(url)") {
            let result = try await fetch(url)
            return result.status == 0 ? result : nil
        }
        try check(
            result.output.trimmingCharacters(in: .whitespacesAndNewlines) == Self.page, "\(url) gave another page: \(result.output)")
    }
}
