import Foundation

/// Pods of one program that takes so much memory and keeps it.
struct MemoryPods: Sendable {
    static let image = "slipway.example/memory:1"
    private static let source = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <unistd.h>
        int main(int count, char **words) {
            /* Time for containerd to begin to watch. */
            sleep(1);
            size_t size = count > 1 ? strtoul(words[1], NULL, 10) << 20 : 0;
            /* Or the compiler would leave it all out. */
            volatile char *memory = malloc(size + 1);
            if (memory == NULL) return 1;
            for (size_t at = 0; at < size; at += 4096) memory[at] = 1;
            puts("holds it");
            fflush(stdout);
            for (;;) pause();
        }

        """

    let store: Store
    let cluster: String

    private var bench: Bench { store.bench }

    /// Makes the image and gives it to a machine. There is no registry.
    func bring(to machine: String) async throws {
        let (source, program, archive) = ("\(bench.folder)/memory.c", "\(bench.folder)/memory", "\(bench.folder)/memory.tar")
        if !FileManager.default.fileExists(atPath: archive) {
            try Data(Self.source.utf8).write(to: URL(filePath: source))
            let compiler = try unwrap(Setup.find("gcc") ?? Setup.find("clang"), "there is no C compiler on PATH")
            try await bench.run(compiler, ["-O1", "-static", "-o", program, source]).expect(0)
            try await bench.run("sh", ["-c", WebSite.imageScript("memory"), "image", program, archive, Self.image]).expect(0)
        }
        try await store.on(
            machine, of: cluster, "ctr -n k8s.io images import - >/dev/null", input: Array(try Data(contentsOf: URL(filePath: archive))))
    }

    /// - Parameters:
    ///   - requests: as `cpu: 1, memory: 1Gi`, the same in `limits`.
    ///   - holds: MiB.
    func start(_ name: String, on machine: String, requests: String, limits: String, holds: Int) async throws {
        try await store.kubectl(
            cluster, "apply", "-f", "-",
            input: """
                apiVersion: v1
                kind: Pod
                metadata: {name: \(name)}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 1
                  nodeSelector: {kubernetes.io/hostname: \(machine)}
                  containers:
                    - name: memory
                      image: \(Self.image)
                      imagePullPolicy: Never
                      command: [/bin/memory, "\(holds)"]
                      resources: {requests: {\(requests)}, limits: {\(limits)}}

                """)
    }

    /// Waits until it holds all of it.
    func expectHeld(_ name: String) async throws {
        _ = try await until(.seconds(60), "the pod \(name) holds its memory") { () -> Bool? in
            let log = try? await store.kubectl(cluster, "logs", name)
            return log?.contains("holds it") == true ? true : nil
        }
    }

    /// As `{"running":{...}}`.
    func state(_ name: String) async throws -> String {
        try await store.kubectl(
            cluster, "get", "pod", name, "-o", "jsonpath={.status.phase} {.status.reason} {.status.containerStatuses[0].state}")
    }
}
