{{/* The facts about services, from files/services.yaml. */}}
{{- define "updspace.services" -}}
{{ tpl (.Files.Get "files/services.yaml") . }}
{{- end }}

{{/* What an operator says of a service: the defaults with the values of that service over them. Arguments: root, name. */}}
{{- define "updspace.settings" -}}
{{- $secret := dict "existingSecret" (printf "updspace-%s" .name) -}}
{{ mergeOverwrite (deepCopy .root.Values.defaults) $secret (deepCopy (index .root.Values.services .name | default dict)) | toYaml }}
{{- end }}

{{/* Labels that select the pods of a service, or of its jobs. Arguments: root, name, component. */}}
{{- define "updspace.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "updspace.labels" -}}
{{ include "updspace.selector" . }}
app.kubernetes.io/part-of: updspace
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{- define "updspace.image" -}}
{{- with .root.Values.image.registry }}{{ . }}/{{ end }}{{ .root.Values.image.repository }}/{{ .name }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{/* The pod's part of security: no root, no token of the API server. Arguments: root. */}}
{{- define "updspace.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile: { type: RuntimeDefault }
{{- end }}

{{- define "updspace.container" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
capabilities: { drop: [ALL] }
{{- end }}

{{/* The environment of a service. Arguments: root, name, facts, settings. */}}
{{- define "updspace.env" -}}
{{- $files := dict }}
{{- if .facts.files }}
{{- with .root.Values.files }}
{{- $files = dict "BLOB_S3_ENDPOINT" .endpoint "BLOB_S3_BUCKET" .bucket "BLOB_S3_REGION" .region }}
{{- if .publicEndpoint }}{{ $_ := set $files "BLOB_S3_PUBLIC_ENDPOINT" .publicEndpoint }}{{ end }}
{{- end }}
{{- end }}
{{- $common := dict "UPDSPACE_MODE" "production" "LOG_LEVEL" .root.Values.logLevel "DRAIN_DELAY" .root.Values.drainDelay "LISTEN_ADDR" (printf ":%v" .facts.port) "ADMIN_ADDR" ":9090" }}
{{- if .root.Values.otlpEndpoint }}{{ $_ := set $common "OTEL_EXPORTER_OTLP_ENDPOINT" .root.Values.otlpEndpoint }}{{ end }}
{{- range $name, $value := mergeOverwrite $common $files (.facts.env | default dict) (.settings.env | default dict) }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
- name: GOMEMLIMIT
  valueFrom: { resourceFieldRef: { resource: limits.memory } }
{{- range .facts.secrets }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $.settings.existingSecret }}, key: {{ . }} } }
{{- end }}
{{- range concat (list "UPDSPACE_SIGNING_SECRET" "UPDSPACE_SIGNING_SECRET_PREVIOUS" "UPDSPACE_SIGNING_KEYS") (.facts.optional | default list) }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $.settings.existingSecret }}, key: {{ . }}, optional: true } }
{{- end }}
{{- end }}

{{/* When jobs run that need the database: before everything else, unless the database is made by this release. */}}
{{- define "updspace.hook" -}}
{{ ternary "post-install,pre-upgrade" "pre-install,pre-upgrade" .root.Values.postgresql.cluster.enabled }}
{{- end }}

{{/* One rule of egress; no peers means any address. Arguments: to, ports. */}}
{{- define "updspace.egress" -}}
- ports:
    {{- range .ports }}
    - { port: {{ . }}, protocol: TCP }
    {{- end }}
  {{- with .to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "updspace.dns" -}}
- to: {{- toYaml .Values.networkPolicy.dns.to | nindent 4 }}
  ports: [{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }]
{{- end }}
