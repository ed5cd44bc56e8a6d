/// What the server double does with a request.
enum Answer: Sendable {
    case respond(Int, type: String, headers: [(String, String)], body: String)
    /// Takes the request and says nothing, ever.
    case silence
    /// Promises more than it sends, and keeps the connection open.
    case stall(String)
    /// Promises more than it sends, and closes the connection.
    case cut(String)
    /// Bytes that need not be HTTP, then closes the connection.
    case raw(String)

    static func json(_ body: String, status: Int = 200, headers: [(String, String)] = []) -> Answer {
        .respond(status, type: "application/json", headers: headers, body: body)
    }

    static func text(_ body: String, status: Int = 200, headers: [(String, String)] = []) -> Answer {
        .respond(status, type: "text/plain; charset=utf-8", headers: headers, body: body)
    }

    /// A failure as Kubernetes explains it.
    static func status(
        _ code: Int, _ reason: String, _ message: String, details: String = "{}", headers: [(String, String)] = []
    ) -> Answer {
        .json(
            """
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"\(message)","reason":"\(reason)",\
            "details":\(details),"code":\(code)}

            """, status: code, headers: headers)
    }
}
