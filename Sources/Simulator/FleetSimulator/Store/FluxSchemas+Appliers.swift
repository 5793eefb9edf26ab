extension FluxSchemas {
    /// The fields of the kinds of appliers, by kind.
    static let appliers = [
        "Kustomization": #"""
        spec:{buildMetadata:[s(originAnnotations|transformerAnnotations)] commonMetadata:#labels
        components:[s] decryption:{provider!:s(sops) secretRef:#name serviceAccountName:s}
        deletionPolicy:s(MirrorPrune|Delete|WaitForTermination|Orphan) dependsOn:[{name!:s namespace:s
        readyExpr:s}] force:b=false healthCheckExprs:[{apiVersion!:s current!:s failed:s inProgress:s
        kind:s}] healthChecks:[{apiVersion:s kind!:s name!:s namespace:s}] ignore:[{paths!:[s]
        target:#selector}] ignoreMissingComponents:b images:[{digest:s name!:s newName:s newTag:s}]
        interval!:#duration kubeConfig:{configMapRef:#name secretRef:{key:s name!:s}} namePrefix:s
        nameSuffix:s patches:[#patch] path:s postBuild:{substitute:<s>
        substituteFrom:[{kind!:s(Secret|ConfigMap) name!:s optional:b=false}]
        substituteStrategy:s(WithVariables|Always)} prune!:b retryInterval:#duration
        serviceAccountName:s sourceRef!:{apiVersion:s
        kind!:s(OCIRepository|GitRepository|Bucket|ExternalArtifact) name!:s namespace:s} suspend:b
        targetNamespace:s timeout:#duration wait:b} status:{conditions:[#condition] history:[#history]
        inventory:{entries!:[{id!:s v!:s}]} lastAppliedOriginRevision:s lastAppliedRevision:s
        lastAttemptedRevision:s lastHandledReconcileAt:s observedGeneration:i}={"observedGeneration":-1}
        """#,
        "HelmRelease": #"""
        spec:{chart:{metadata:#labels spec!:{chart!:s ignoreMissingValuesFiles:b interval:#duration
        reconcileStrategy:s(ChartVersion|Revision)="ChartVersion" sourceRef!:{apiVersion:s
        kind!:s(HelmRepository|GitRepository|Bucket) name!:s namespace:s} valuesFiles:[s]
        verify:{provider!:s(cosign|notation)="cosign" secretRef:#name} version:s="*"}}
        chartRef:{apiVersion:s kind!:s(OCIRepository|HelmChart|ExternalArtifact) name!:s namespace:s}
        commonMetadata:#labels dependsOn:[{name!:s namespace:s readyExpr:s}]
        driftDetection:{ignore:[{paths!:[s] target:#selector}] mode:s(enabled|warn|disabled)}
        healthCheckExprs:[{apiVersion!:s current!:s failed:s inProgress:s kind:s}]
        install:{crds:s(Skip|Create|CreateReplace) createNamespace:b disableHooks:b
        disableOpenAPIValidation:b disableSchemaValidation:b disableTakeOwnership:b disableWait:b
        disableWaitForJobs:b remediation:{ignoreTestFailures:b remediateLastFailure:b retries:i}
        replace:b serverSideApply:b skipCRDs:b strategy:{name!:s(RemediateOnFailure|RetryOnFailure)
        retryInterval:#duration} timeout:#duration} interval!:#duration kubeConfig:{configMapRef:#name
        secretRef:{key:s name!:s}} maxHistory:i persistentClient:b
        postRenderStrategy:s(nohooks|combined|separate) postRenderers:[{kustomize:{images:[{digest:s
        name!:s newName:s newTag:s}] patches:[#patch]}}] releaseName:s rollback:{cleanupOnFail:b
        disableHooks:b disableWait:b disableWaitForJobs:b force:b recreate:b
        serverSideApply:s(enabled|disabled|auto) timeout:#duration} serviceAccountName:s
        storageNamespace:s suspend:b targetNamespace:s test:{enable:b filters:[{exclude:b name!:s}]
        ignoreFailures:b timeout:#duration} timeout:#duration
        uninstall:{deletionPropagation:s(background|foreground|orphan)="background" disableHooks:b
        disableWait:b keepHistory:b timeout:#duration}
        upgrade:{chartNameChangeStrategy:s(InPlaceUpdate|Reinstall) cleanupOnFail:b
        crds:s(Skip|Create|CreateReplace) disableHooks:b disableOpenAPIValidation:b
        disableSchemaValidation:b disableTakeOwnership:b disableWait:b disableWaitForJobs:b force:b
        preserveValues:b remediation:{ignoreTestFailures:b remediateLastFailure:b retries:i
        strategy:s(rollback|uninstall)} serverSideApply:s(enabled|disabled|auto)
        strategy:{name!:s(RemediateOnFailure|RetryOnFailure) retryInterval:#duration} timeout:#duration}
        values:* valuesFrom:[{kind!:s(Secret|ConfigMap) literal:b name!:s optional:b
        targetPath:s`^([a-zA-Z0-9_\-.\\\/]|\[[0-9]{1,5}\])+$` valuesKey:s`^[\-._a-zA-Z0-9]+$`}]
        waitStrategy:{name!:s(poller|legacy)}} status:{conditions:[#condition] failures:i helmChart:s
        history:[{action:s apiVersion:s appVersion:s chartName!:s chartVersion!:s configDigest!:s
        deleted:t digest!:s firstDeployed!:t lastDeployed!:t name!:s namespace!:s ociDigest:s status!:s
        testHooks:<{lastCompleted:t lastStarted:t phase:s}> version!:i}] installFailures:i
        inventory:{entries!:[{id!:s v!:s}]} lastAttemptedConfigDigest:s lastAttemptedGeneration:i
        lastAttemptedReleaseAction:s(install|upgrade) lastAttemptedReleaseActionDuration:s
        lastAttemptedRevision:s lastAttemptedRevisionDigest:s lastAttemptedValuesChecksum:s
        lastHandledForceAt:s lastHandledReconcileAt:s lastHandledResetAt:s lastReleaseRevision:i
        observedCommonMetadataDigest:s observedGeneration:i observedPostRenderersDigest:s
        storageNamespace:s upgradeFailures:i}={"observedGeneration":-1}
        """#,
    ]
}
