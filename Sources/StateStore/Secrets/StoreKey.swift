import ClusterModel
import Crypto

import struct Foundation.Data

/// The 32 bytes of a key file, as what is derived from them: one key that encrypts, and a name that gives nothing away.
struct StoreKey: Sendable {
    static let byteCount = 32

    let id: String
    let encryption: SymmetricKey

    init(_ bytes: [UInt8]) {
        let material = SymmetricKey(data: bytes)
        func derive(_ purpose: String, count: Int) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: material, info: Data(purpose.utf8), outputByteCount: count)
        }
        id = derive("slipway key id 1", count: 8).withUnsafeBytes { $0.hexadecimal }
        encryption = derive("slipway secrets 1", count: 32)
    }
}

/// No description and no reflection gives it away.
extension StoreKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "<key \(id)>" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
