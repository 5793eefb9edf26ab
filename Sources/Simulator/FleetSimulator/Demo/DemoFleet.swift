/// placeholder replaced below
package enum DemoFleet {
    package static let badImages: Set<String> = ["ghcr.io/acme/checkout-api:1.9.0"]
}
