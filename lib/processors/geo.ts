import { z } from 'zod'

/** Where a machine stands, as its owner says. */
export const geoOption = () =>
  z
    .strictObject({
      name: z.string().optional().describe('What the place is called.'),
      location: z
        .string()
        .regex(/^\s*-?\d+(\.\d+)?\s*,\s*-?\d+(\.\d+)?\s*$/, {
          message: 'must be latitude and longitude, such as "52.5, 13.4"',
        })
        .optional()
        .describe('Latitude and longitude in degrees, with a comma between them.'),
      continent_name: z.string().optional().describe('Name of the continent.'),
      country_name: z.string().optional().describe('Name of the country.'),
      country_iso_code: z.string().optional().describe('ISO code of the country.'),
      region_name: z.string().optional().describe('Name of the region.'),
      region_iso_code: z.string().optional().describe('ISO code of the region.'),
      city_name: z.string().optional().describe('Name of the city.'),
    })
    .optional()
    .describe('Where the machine stands.')

export type Geo = z.output<ReturnType<typeof geoOption>>
