/// How the simulated controllers of one cluster behave.
package struct FluxOptions: Sendable {
    /// How long everything takes compared with a real cluster: 1 is realistic, 0.01 a hundred times faster.
    package var timeFactor: Double
    /// The same for the intervals between runs; nil takes `timeFactor`.
    package var intervalFactor: Double?
    /// Images, as `name:tag`, whose pods never become ready; besides them every tag that ends in `-bad` is bad.
    package var badImages: Set<String>
    /// Seconds after which an unmet dependency is looked at again, before the factor (`--requeue-dependency`).
    package var dependencyRetry: Double
    /// Whether image automation really commits tag bumps; otherwise it finds everything up to date.
    package var imageBotCommits: Bool
    /// Seconds between new tags of scanned images, before the factor; nil publishes none.
    package var newImageEvery: Double?
    /// Status changes per second that are made for their own sake, on random appliers; 0 makes none.
    package var statusChangesPerSecond: Double
    /// Deployments whose count an autoscaler moves, of those that Git leaves open.
    package var autoscaled: Int
    /// Whether an injector writes certificates into webhook configurations.
    package var injectsCertificates: Bool

    package init(
        timeFactor: Double = 1,
        intervalFactor: Double? = nil,
        badImages: Set<String> = DemoFleet.badImages,
        dependencyRetry: Double = 10,
        imageBotCommits: Bool = false,
        newImageEvery: Double? = nil,
        statusChangesPerSecond: Double = 0,
        autoscaled: Int = 0,
        injectsCertificates: Bool = false
    ) {
        self.timeFactor = timeFactor
        self.intervalFactor = intervalFactor
        self.badImages = badImages
        self.dependencyRetry = dependencyRetry
        self.imageBotCommits = imageBotCommits
        self.newImageEvery = newImageEvery
        self.statusChangesPerSecond = statusChangesPerSecond
        self.autoscaled = autoscaled
        self.injectsCertificates = injectsCertificates
    }

    /// Whether pods of an image never become ready.
    func isBad(image: String) -> Bool {
        badImages.contains(image) || ImageReference(image).tag?.hasSuffix("-bad") == true
    }
}
