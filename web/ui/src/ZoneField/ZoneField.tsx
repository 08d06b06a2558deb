import { ChevronDown } from "lucide-react";
import { useId, type ReactNode } from "react";

interface ZoneFieldProps {
  label: string;
  help?: ReactNode;
  /** The name of an IANA zone; empty is the zone of the device. */
  value: string;
  onChange: (zone: string) => void;
  /** What stands for the zone of the device. */
  deviceName: string;
}

/** The zones that the browser knows, by region. A zone that it does not know but that is chosen is in it too. */
function regions(chosen: string): [string, string[]][] {
  const found = new Map<string, string[]>();
  const zones = Intl.supportedValuesOf("timeZone");
  if (chosen && !zones.includes(chosen)) zones.push(chosen);
  for (const zone of zones) {
    const region = zone.split("/")[0] ?? zone;
    found.set(region, [...(found.get(region) ?? []), zone]);
  }
  return [...found];
}

const city = (zone: string) =>
  zone
    .slice(zone.indexOf("/") + 1)
    .replaceAll("_", " ")
    .replaceAll("/", ", ");

/** A time zone: the browser's own list, which is searched by typing and is a wheel on a phone. */
export function ZoneField({ label, help, value, onChange, deviceName }: ZoneFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <span className="native-select">
        <select
          id={id}
          className="input"
          value={value}
          aria-describedby={help === undefined ? undefined : `${id}h`}
          onChange={(e) => onChange(e.target.value)}
        >
          <option value="">{deviceName}</option>
          {regions(value).map(([region, zones]) => (
            <optgroup key={region} label={region} lang="en">
              {zones.map((zone) => (
                <option key={zone} value={zone}>
                  {city(zone)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
        <ChevronDown className="i s" aria-hidden="true" />
      </span>
      {help !== undefined && (
        <span id={`${id}h`} className="help">
          {help}
        </span>
      )}
    </div>
  );
}
