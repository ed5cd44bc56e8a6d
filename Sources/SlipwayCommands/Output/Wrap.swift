/// Breaks text into lines of at most `width` characters at spaces; every line but the first starts with `indent` spaces.
func wrap(_ text: String, width: Int, indent: Int = 0) -> String {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
        var line = lines.isEmpty ? "" : String(repeating: " ", count: indent)
        var isFresh = true
        for word in paragraph.split(separator: " ", omittingEmptySubsequences: false) {
            if !isFresh, line.count + 1 + word.count > width {
                lines.append(line)
                line = String(repeating: " ", count: indent) + word
            } else {
                line += (isFresh ? "" : " ") + word
            }
            isFresh = false
        }
        lines.append(line)
    }
    return lines.joined(separator: "\n")
}
