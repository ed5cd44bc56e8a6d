/// A program with its flags, as text of a unit's `ExecStart=`.
struct CommandText {
    private var words: [String]

    init(_ program: String...) { words = program.map(UnitQuoting.argument) }

    mutating func flag(_ name: String, _ value: String) { words.append(UnitQuoting.argument("--\(name)=\(value)")) }
    mutating func flag(_ name: String, _ value: Bool) { flag(name, value ? "true" : "false") }
    mutating func flag(_ name: String, _ value: Int) { flag(name, String(value)) }
    mutating func flag(_ name: String, _ values: [String]) { flag(name, values.joined(separator: ",")) }
    /// The value of an environment variable of the unit, as one word.
    mutating func flag(_ name: String, variable: String) { words.append("--\(name)=${\(variable)}") }

    /// One word a line.
    var text: String { words.joined(separator: " \\\n    ") }
}
