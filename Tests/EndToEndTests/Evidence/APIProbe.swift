import Foundation

/// Asks the cluster's API at its address for one object, ten times a second, each time over a new connection and read
/// through etcd's majority, and notes the longest time without an answer.
struct APIProbe: Decodable, Sendable {
    var answered: Int
    var failed: Int
    /// Seconds between one answer and the next, the last one and the end included.
    var longestGap: Double

    /// Probes while `body` runs.
    static func during(_ cluster: String, on bench: Bench, _ body: () async throws -> Void) async throws -> APIProbe {
        let stop = "\(bench.folder)/probe-\(UUID().uuidString)"
        let result = try await bench.run("python3", ["-c", script, cluster, stop], limit: .seconds(600)) { probe in
            _ = try await until(.seconds(30), "the probe has its first answer") { probe.errors.contains("began") ? true : nil }
            do {
                try await body()
            } catch {
                try Data().write(to: URL(filePath: stop))
                throw error
            }
            try Data().write(to: URL(filePath: stop))
        }
        let found = try result.expect(0).json(APIProbe.self)
        try check(found.answered > 0, "the probe got no answer")
        bench.say(
            "the API answered \(found.answered) times, failed \(found.failed) times, longest gap \(String(format: "%.2f s", found.longestGap))"
        )
        return found
    }

    private static let script = """
        import base64, http.client, json, os, ssl, subprocess, sys, tempfile, time
        cluster, stop = sys.argv[1:]
        config = json.loads(subprocess.check_output(
            ['kubectl', '--context', cluster, 'config', 'view', '--raw', '--minify', '-o', 'json']))
        authority, user = config['clusters'][0]['cluster'], config['users'][0]['user']
        with tempfile.TemporaryDirectory() as folder:
            def file(name, data):
                path = os.path.join(folder, name)
                with open(path, 'wb', opener=lambda p, f: os.open(p, f, 0o600)) as out:
                    out.write(base64.b64decode(data))
                return path
            context = ssl.create_default_context(cafile=file('ca', authority['certificate-authority-data']))
            context.load_cert_chain(file('crt', user['client-certificate-data']), file('key', user['client-key-data']))
        host, port = authority['server'].split('//')[1].split(':')
        answered = failed = 0
        worst, last = 0.0, None
        while not os.path.exists(stop):
            began = time.monotonic()
            try:
                connection = http.client.HTTPSConnection(host, int(port), timeout=1, context=context)
                connection.request('GET', '/api/v1/namespaces/kube-system')
                answer = connection.getresponse()
                answer.read()
                connection.close()
                if answer.status != 200: raise OSError(answer.status)
                now = time.monotonic()
                if last is None: print('began', file=sys.stderr, flush=True)
                else: worst = max(worst, now - last)
                last = now
                answered += 1
            except (OSError, http.client.HTTPException):
                failed += 1
            time.sleep(max(0, 0.1 - (time.monotonic() - began)))
        worst = max(worst, time.monotonic() - (last or 0))
        print(json.dumps({'answered': answered, 'failed': failed, 'longestGap': worst}))
        """
}
