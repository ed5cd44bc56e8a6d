import ClusterModel
import Foundation
import Testing

@testable import PKI

@Suite struct SSHKeyPairTests {
    @Test func opensshReadsWhatIsWritten() async throws {
        try await Folder.with { folder in
            for index in 0..<3 {
                let pair = SSHKeyPair()
                let file = "key\(index)"
                try folder.write(pair.privateKeyFile.revealText(), to: file)
                let publicHalf = try await Tool.run("ssh-keygen", "-y", "-P", "", "-f", file, in: folder)
                #expect(publicHalf.status == 0)
                #expect(publicHalf.output == pair.authorizedKey(comment: "") + "\n")
                let listed = try await Tool.run("ssh-keygen", "-l", "-f", file, in: folder)
                #expect(listed.output.split(separator: " ").prefix(2) == ["256", Substring(pair.fingerprint)], "\(listed.output)")
                #expect(listed.output.hasSuffix("(ED25519)\n"))
                try folder.write(pair.authorizedKey(comment: "demo of slipway") + "\n", to: "\(file).pub")
                let fromPublic = try await Tool.run("ssh-keygen", "-l", "-f", "\(file).pub", in: folder)
                #expect(fromPublic.output == "256 \(pair.fingerprint) demo of slipway (ED25519)\n")
            }
        }
    }

    /// Not only parsed: OpenSSH signs with the private half and checks with the public one.
    @Test func opensshSignsWithTheKey() async throws {
        let pair = SSHKeyPair()
        try await Folder.with { folder in
            try folder.write(pair.privateKeyFile.revealText(), to: "key")
            try folder.write("me \(pair.authorizedKey(comment: ""))\n", to: "allowed")
            try folder.write("words", to: "text")
            let signed = try await Tool.run("ssh-keygen", "-Y", "sign", "-f", "key", "-n", "test", "text", in: folder)
            #expect(signed.status == 0, "\(signed.output)")
            let checked = try await Tool.run(
                "sh", "-c", "ssh-keygen -Y verify -f allowed -I me -n test -s text.sig < text", in: folder)
            #expect(checked.status == 0, "\(checked.output)")
        }
    }

    @Test func readsWhatOpenSSHWrites() async throws {
        try await Folder.with { folder in
            let made = try await Tool.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "a longer comment", "-f", "key", in: folder)
            #expect(made.status == 0)
            let pair = try SSHKeyPair(privateKeyFile: Secret(try folder.read("key")))
            #expect(pair.authorizedKey(comment: "a longer comment") + "\n" == (try folder.read("key.pub")))
            #expect(try SSHKeyPair(privateKeyFile: pair.privateKeyFile) == pair)
        }
    }

    @Test func refusesOtherKeysForTheTrueReason() async throws {
        try await Folder.with { folder in
            for (file, arguments, reason) in [
                ("locked", ["-t", "ed25519", "-N", "open sesame"], "passphrase"), ("ecdsa", ["-t", "ecdsa", "-N", ""], "not ed25519"),
            ] {
                let made = try await Tool.run(["ssh-keygen", "-q", "-f", file] + arguments, in: folder)
                #expect(made.status == 0)
                let error = #expect(throws: SlipwayError.self) { try SSHKeyPair(privateKeyFile: Secret(try folder.read(file))) }
                #expect(error?.cause.contains(reason) == true, "\(error?.cause ?? "")")
            }
        }
    }

    @Test func damagedFilesAreRefused() throws {
        let text = SSHKeyPair().privateKeyFile.revealText()
        var lines = text.split(separator: "\n").map(String.init)
        let body = lines.dropFirst().dropLast().joined()
        let bytes = [UInt8](try #require(Data(base64Encoded: body)))
        func file(_ bytes: [UInt8]) -> String {
            [lines[0], Data(bytes).base64EncodedString(), lines[lines.count - 1]].joined(separator: "\n")
        }
        #expect(throws: Never.self) { try SSHKeyPair(privateKeyFile: Secret(file(bytes))) }
        // Cut anywhere, or with any byte up to the end of the keys changed, it is no key any more.
        for count in 0..<bytes.count - 8 {
            #expect(throws: SlipwayError.self) { try SSHKeyPair(privateKeyFile: Secret(file(Array(bytes.prefix(count))))) }
        }
        let publicHalf = bytes.count - 5 - 4 - 32
        for index in publicHalf..<publicHalf + 32 {
            var changed = bytes
            changed[index] ^= 1
            #expect(throws: SlipwayError.self) { try SSHKeyPair(privateKeyFile: Secret(file(changed))) }
        }
        for text in ["", "hunter2", lines[0], text.replacing("OPENSSH", with: "RSA")] {
            #expect(throws: SlipwayError.self) { try SSHKeyPair(privateKeyFile: Secret(text)) }
        }
        lines.removeFirst()
        #expect(throws: SlipwayError.self) { try SSHKeyPair(privateKeyFile: Secret(lines.joined(separator: "\n"))) }
    }

    @Test func aCommentCannotAddAKey() {
        let line = SSHKeyPair().authorizedKey(comment: "me\nssh-ed25519 AAAA evil\r\u{0}\u{2028}x ")
        #expect(line.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != "\u{2028}" })
        #expect(line.hasSuffix(" messh-ed25519 AAAA evilx"))
        #expect(line.split(separator: " ").first == "ssh-ed25519")
    }

    @Test func theSameKeyGivesTheSameFile() {
        let pair = SSHKeyPair()
        #expect(pair.privateKeyFile == pair.privateKeyFile)
        #expect(pair != SSHKeyPair())
    }
}
