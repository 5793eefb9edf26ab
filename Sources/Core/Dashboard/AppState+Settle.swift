extension AppState {
    mutating func settle() {}
}
