/// The Kubernetes version that a simulated cluster says it runs.
struct ServerVersion: Sendable, Equatable {
    let major: Int
    let minor: Int
    let patch: Int

    init(major: Int = 1, minor: Int = 36, patch: Int = 2) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// The body of `/version`; it is indented whoever asks.
    var body: String {
        """
        {
          "major": "\(major)",
          "minor": "\(minor)",
          "emulationMajor": "\(major)",
          "emulationMinor": "\(minor)",
          "minCompatibilityMajor": "\(major)",
          "minCompatibilityMinor": "\(minor - 1)",
          "gitVersion": "v\(major).\(minor).\(patch)",
          "gitCommit": "0000000000000000000000000000000000000000",
          "gitTreeState": "clean",
          "buildDate": "2026-08-21T00:00:00Z",
          "goVersion": "go1.26.6",
          "compiler": "gc",
          "platform": "linux/amd64"
        }
        """
    }
}
