internal import CLibSSH2
internal import ClusterModel
internal import Glibc

extension SSHSession {
    /// Room for what is read at once.
    private static let readSize = 64 << 10

    /// A script on its way.
    final class RunningCommand {
        let script: RemoteScript
        let input: InputReader
        var output: MarkedStream
        var errorOutput: MarkedStream
        var channel: OpaquePointer?

        /// - Throws: `LocalFileFailure`
        init(_ command: RemoteCommand, limit: Int) throws {
            script = RemoteScript(command.script, timeout: command.timeout, token: ScriptMarkers.newToken())
            input = try InputReader(prologue: script.prologue, input: command.input)
            output = MarkedStream(script.markers, limit: limit)
            errorOutput = MarkedStream(script.markers, limit: limit)
        }

        /// The host runs no script before it has the last byte of it.
        var mayHaveBegun: Bool { input.prologueLeft == 0 }
        var leader: Int32? { output.leader ?? errorOutput.leader }
        var log: [String] { String(decoding: errorOutput.bytes.suffix(8 << 10), as: UTF8.self).lastLines() }

        var result: HostResult? {
            guard let status = output.status, errorOutput.status != nil else { return nil }
            return HostResult(exitStatus: status, output: output.bytes, errorOutput: errorOutput.bytes)
        }
    }

    /// Runs a script to its end. Its channel stays open: `finish` closes it, `abandon` after an error.
    /// - Throws: `ConnectionFailure` when the script has certainly not begun; `CommandBroken`, `OutputLimitExceeded`,
    ///   `LocalFileFailure`, `DeadlinePassed`, or what the waiter throws.
    func execute(
        _ running: RunningCommand, waiter: Waiter, beginBy beginDeadline: Deadline, until deadline: Deadline
    ) throws -> HostResult {
        do {
            do {
                let channel = try openChannel(waiter, until: beginDeadline)
                running.channel = channel
                try start(running.script.command, on: channel, waiter, until: beginDeadline)
                return try pump(running, channel, waiter, until: deadline)
            } catch is DeadlinePassed where !running.mayHaveBegun && beginDeadline < deadline {
                throw ConnectionFailure(reason: "the host does not answer on an open connection")
            }
        } catch let error as ConnectionFailure where running.mayHaveBegun {
            throw CommandBroken(reason: error.reason, log: running.log)
        } catch is MarkedStream.LimitExceeded {
            throw OutputLimitExceeded(log: running.log)
        }
    }

    /// Closes the channel of a command that has ended.
    /// - Throws: `ConnectionFailure` or `DeadlinePassed`; then the connection is of no use any more.
    func finish(_ running: RunningCommand, waiter: Waiter, until deadline: Deadline) throws {
        guard let channel = running.channel else { return }
        running.channel = nil
        let status = try repeating(waiter, until: deadline) { libssh2_channel_free(channel) }
        guard status == 0 else { throw ConnectionFailure(reason: failureText(status)) }
    }

    /// Ends what a command has left running on the host, then closes the connection.
    func abandon(_ running: RunningCommand, wakeUp: WakeUp) {
        defer { close() }
        guard let leader = running.leader, !isSendUnfinished, !isHungUp else { return }
        let waiter = Waiter(wakeUp: wakeUp, check: {})
        let deadline = Deadline.now + .seconds(2)
        // Best effort: the host ends the script by itself when its time is over.
        guard let channel = try? openChannel(waiter, until: deadline),
            (try? start(RemoteScript.termination(of: leader), on: channel, waiter, until: deadline)) != nil
        else { return }
        _ = try? repeating(waiter, until: deadline) { libssh2_channel_send_eof(channel) }
        _ = try? repeating(waiter, until: deadline) { libssh2_channel_wait_eof(channel) }
    }

    private func openChannel(_ waiter: Waiter, until deadline: Deadline) throws -> OpaquePointer {
        let kind = "session"
        while true {
            let channel = libssh2_channel_open_ex(
                handle, kind, UInt32(kind.utf8.count), LibSSH2.channelWindow, LibSSH2.channelPacket, nil, 0)
            if let channel { return channel }
            let status = libssh2_session_last_errno(handle)
            guard status == LIBSSH2_ERROR_EAGAIN else { throw ConnectionFailure(reason: failureText(status)) }
            try waitForSocket(waiter, until: deadline)
        }
    }

    private func start(_ command: String, on channel: OpaquePointer, _ waiter: Waiter, until deadline: Deadline) throws {
        let request = "exec"
        let bytes = Array(command.utf8)
        let status = try bytes.withUnsafeBytes { bytes in
            try repeating(waiter, until: deadline) {
                libssh2_channel_process_startup(
                    channel, request, UInt32(request.utf8.count), bytes.bindMemory(to: CChar.self).baseAddress, UInt32(bytes.count))
            }
        }
        guard status == 0 else { throw ConnectionFailure(reason: failureText(status)) }
    }

    /// Moves input and output until both streams have brought their end marker.
    private func pump(
        _ running: RunningCommand, _ channel: OpaquePointer, _ waiter: Waiter, until deadline: Deadline
    ) throws -> HostResult {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.readSize, alignment: 16)
        defer { buffer.deallocate() }
        var isInputOpen = true
        while true {
            try waiter.check()
            guard Deadline.now < deadline else { throw DeadlinePassed() }
            if isInputOpen { isInputOpen = try send(running.input, to: channel, waiter, until: deadline) }
            let outputCount = try receive(0, from: channel, buffer, waiter, until: deadline) { try running.output.append($0) }
            let errorCount = try receive(1, from: channel, buffer, waiter, until: deadline) { try running.errorOutput.append($0) }
            if let result = running.result { return result }
            guard outputCount + errorCount == 0 else { continue }

            // Every call above may have read packets that another one was waiting for. Nothing of them is left on the
            // socket to wake poll(2), so look before waiting.
            var queued: UInt = 0
            libssh2_channel_window_read_ex(channel, &queued, nil)
            guard queued == 0 else { continue }
            if libssh2_channel_eof(channel) != 0 {
                throw CommandBroken(reason: "the host ended it before it could tell its status\(ending(of: channel))", log: running.log)
            }
            if isInputOpen, libssh2_channel_window_write_ex(channel, nil) > 0 { continue }
            try waitForSocket(waiter, until: deadline)
        }
    }

    /// Sends until the host's window is full or the input is at its end.
    /// - Returns: Whether there is more to send.
    private func send(_ input: InputReader, to channel: OpaquePointer, _ waiter: Waiter, until deadline: Deadline) throws -> Bool {
        while let pending = try input.pending() {
            let count = try sendingWhole(waiter, until: deadline) {
                libssh2_channel_write_ex(channel, 0, pending.bindMemory(to: CChar.self).baseAddress, pending.count)
            }
            switch count {
            case 1...:
                input.advance(by: count)
            case 0, Int(LIBSSH2_ERROR_EAGAIN):
                return true
            case Int(LIBSSH2_ERROR_CHANNEL_CLOSED), Int(LIBSSH2_ERROR_CHANNEL_EOF_SENT):
                return false
            default:
                throw ConnectionFailure(reason: failureText(Int32(count)))
            }
            // Output must not wait for a long input.
            if libssh2_channel_window_write_ex(channel, nil) == 0 { return true }
        }
        _ = try sendingWhole(waiter, until: deadline) { Int(libssh2_channel_send_eof(channel)) }
        return false
    }

    /// Reads one stream until there is nothing more for now.
    /// - Returns: How many bytes came.
    private func receive(
        _ stream: Int32, from channel: OpaquePointer, _ buffer: UnsafeMutableRawBufferPointer, _ waiter: Waiter, until deadline: Deadline,
        _ take: (UnsafeRawBufferPointer) throws -> Void
    ) throws -> Int {
        var total = 0
        while total < LibSSH2.channelWindow {
            let count = try sendingWhole(waiter, until: deadline) {
                libssh2_channel_read_ex(channel, stream, buffer.bindMemory(to: CChar.self).baseAddress, buffer.count)
            }
            switch count {
            case 1...:
                try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                total += count
            case 0, Int(LIBSSH2_ERROR_EAGAIN):
                return total
            default:
                throw ConnectionFailure(reason: failureText(Int32(count)))
            }
        }
        return total
    }

    /// What is known about how the host's process ended, to be put at a sentence's end.
    private func ending(of channel: OpaquePointer) -> String {
        var signal: UnsafeMutablePointer<CChar>?
        libssh2_channel_get_exit_signal(channel, &signal, nil, nil, nil, nil, nil)
        if let signal {
            defer { libssh2_free(handle, signal) }
            return " (signal \(String(cString: signal)))"
        }
        return " (status \(libssh2_channel_get_exit_status(channel)))"
    }
}
