extension String {
    /// This text as one word of a POSIX shell, whatever characters it holds: in single quotes, with each single quote
    /// of its own written as `'\''`. A shell cannot hold a NUL character; everything else survives.
    public var shellQuoted: String {
        var quoted = "'"
        for character in unicodeScalars {
            if character == "'" {
                quoted += "'\\''"
            } else {
                quoted.unicodeScalars.append(character)
            }
        }
        return quoted + "'"
    }
}
