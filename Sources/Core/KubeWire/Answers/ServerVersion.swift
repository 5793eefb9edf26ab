import Kube

/// The answer to `GET /version`.
package enum ServerVersion {
    /// The `gitVersion`, `v1.36.2`; nil where the answer is none.
    package static func decode(_ body: [UInt8]) -> String? {
        body.fields?.text("gitVersion", limit: 60)
    }
}

/// The answer to an access review.
package enum AccessReview {
    /// Whether the user may; nil where the answer is no review.
    package static func decode(_ body: [UInt8]) -> Bool? {
        body.fields?["status"].flag("allowed")
    }
}

/// The answer to a self review.
package enum SelfReview {
    /// The user's name; nil where the answer is no review.
    package static func decode(_ body: [UInt8]) -> String? {
        body.fields?["status"]["userInfo"].text("username", limit: 200)
    }
}

extension [UInt8] {
    /// The JSON object that the bytes are; nil where they are none.
    var fields: JSONFields? {
        FluxDecoding(cluster: ClusterID("")).root(self)
    }
}
