import CPosix

/// How the process as a whole uses memory.
package enum ProcessMemory {
    /// Keeps a dashboard that runs for weeks as small as what it shows; called once, before any other thread starts.
    package static func beFrugal() {
        weir_frugal_memory()
    }
}
