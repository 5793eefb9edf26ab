/// Why a run of a controller ended without success: the reason and message of its Ready condition.
struct RunFailure: Error, Equatable {
    let reason: String
    let message: String
}
