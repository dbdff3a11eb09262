import { serviceConfig } from '@holdfast/shared/config/common';

export const Config = serviceConfig({});
