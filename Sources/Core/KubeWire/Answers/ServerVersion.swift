import FoundationEssentials
import Text

/// The answer to `GET /version`.
package enum ServerVersion {
    /// The `gitVersion`, `v1.36.2`; nil where the answer is none.
    package static func decode(_ body: [UInt8]) -> String? {
        struct Wire: Decodable {
            let gitVersion: String
        }
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)) else {
            return nil
        }
        return Sanitiser.line(wire.gitVersion, limit: 60)
    }
}

/// The answer to an access review.
package enum AccessReview {
    /// Whether the user may; nil where the answer is no review.
    package static func decode(_ body: [UInt8]) -> Bool? {
        struct Wire: Decodable {
            struct Status: Decodable {
                let allowed: Bool
            }

            let status: Status
        }
        return try? JSONDecoder().decode(Wire.self, from: Data(body)).status.allowed
    }
}

/// The answer to a self review.
package enum SelfReview {
    /// The user's name; nil where the answer is no review.
    package static func decode(_ body: [UInt8]) -> String? {
        struct Wire: Decodable {
            struct Status: Decodable {
                struct UserInfo: Decodable {
                    let username: String
                }

                let userInfo: UserInfo
            }

            let status: Status
        }
        guard let wire = try? JSONDecoder().decode(Wire.self, from: Data(body)) else {
            return nil
        }
        return Sanitiser.line(wire.status.userInfo.username, limit: 200)
    }
}
